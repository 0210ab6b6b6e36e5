"""Addresses of the team leader and of the administration."""

from __future__ import annotations

from django.urls import path

from ventanilla.web.views import invitation, team
from ventanilla.web.views.administration import absences, house, machine, mail, policies, staff

urlpatterns = [
    path("equipo/", team.home, name="team"),
    path("equipo/promesas/", team.day, name="team-day"),
    path("equipo/personas/<int:staff_id>/", team.person, name="team-person"),
    path("administracion/", house.index, name="administration"),
    path("administracion/personal/", staff.index, name="staff"),
    path("administracion/personal/nueva/", staff.create, name="staff-new"),
    path("administracion/personal/<int:staff_id>/", staff.edit, name="staff-member"),
    path("administracion/personal/<int:staff_id>/baja/", staff.deactivate, name="staff-end"),
    path("administracion/personal/<int:staff_id>/alta/", staff.reactivate, name="staff-back"),
    path("administracion/personal/<int:staff_id>/enlace/", staff.invite_again, name="staff-link"),
    path("administracion/funciones/", house.roles, name="roles"),
    path("administracion/mesas/", house.desks, name="desks"),
    path("administracion/mesas/<slug:desk>/", house.members, name="desk-members"),
    path("administracion/ausencias/", absences.index, name="absences"),
    path("administracion/ausencias/nueva/", absences.note, name="absence-new"),
    path("administracion/ausencias/<int:absence_id>/", absences.change, name="absence"),
    path("administracion/ausencias/<int:absence_id>/fin/", absences.end, name="absence-end"),
    path("administracion/politica/", policies.index, name="policies"),
    path("administracion/politica/publicar/", policies.publish, name="policy-publish"),
    path("administracion/politica/comparar/", policies.compare, name="policy-compare"),
    path("administracion/politica/<int:number>/", policies.version, name="policy-version"),
    path(
        "administracion/politica/<int:number>/regreso/",
        policies.republish,
        name="policy-republish",
    ),
    path("administracion/plantillas/", policies.templates, name="pack-templates"),
    path("administracion/canales/", mail.index, name="channels"),
    path("administracion/canales/salida/", mail.test_out, name="channel-test-out"),
    path("administracion/canales/entrada/", mail.test_in, name="channel-test-in"),
    path("salida/<int:item_id>/reintento/", mail.retry, name="outbound-retry"),
    path("salida/reintentos/<slug:state>/", mail.retry_all, name="outbox-retry-all"),
    path("entrada/repeticiones/", mail.replay_all, name="inbound-replay-all"),
    path("administracion/trabajos/", machine.jobs, name="jobs"),
    path("administracion/trabajos/<int:job_id>/repeticion/", machine.retry_job, name="job-retry"),
    path("administracion/trabajos/<int:job_id>/fin/", machine.cancel_job, name="job-cancel"),
    path("administracion/salud/", machine.health, name="health-page"),
    path("administracion/registro/", machine.record, name="admin-record"),
    path("invitacion/<str:uid>/<str:token>/", invitation.page, name="invitation"),
]
